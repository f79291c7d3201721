"""The second half of the ledger's lines (see `ledger_lines.py`): sessions, access, keys, what is kept, what is logged."""

FROM_SESSIONS = """
7.1.1 | How long a session lasts is written down | accounts/sessions a_sign_in_holds_just_under_its_idle_limit
7.1.2 | How many at once is written down | accounts/sign_ins each_stands_there_with_what_they_sign_in_with
7.1.3 | Who else makes sessions is written down | why: the council's provider, where a hub's file names one; the session is ours
7.2.1 | The server knows the session | accounts/sessions a_sign_in_that_was_ended_is_out_at_the_next_request
7.2.2 | It is made anew each time | accounts/enter coming_in_again_ends_the_earlier_sign_in_of_this_browser
7.2.3 | It cannot be guessed | accounts/sessions a_cookie_signed_by_somebody_else_means_nothing
7.2.4 | Signing in makes a new one | accounts/enter coming_in_again_ends_the_earlier_sign_in_of_this_browser
7.3.1 | Idle, it is over | accounts/sessions an_idle_sign_in_is_over
7.3.2 | After so many hours it is over | accounts/sessions no_sign_in_lasts_longer_than_its_whole_limit
7.4.1 | Left, it opens nothing | accounts/leave after_leaving_a_copy_of_the_cookie_opens_nothing
7.4.2 | Who leaves is out at once | accounts/sessions somebody_whose_account_ends_is_out_at_the_next_request
7.4.3 | A new factor ends the others | accounts/recover everything_they_signed_in_with_is_over
7.4.4 | Leaving is on every page | pages a_page_holds_what_all_must
7.4.5 | An administrator can end somebody's | accounts/recover everything_they_signed_in_with_is_over
7.5.1 | What changes a factor asks once more | accounts/invite some_minutes_after_signing_in_it_asks_who_it_is
7.5.2 | Somebody sees and ends their own | accounts/your_sign_in one_elsewhere_is_ended_at_once
7.6.1 | A council's session and ours end apart | why: ours ends by its own limits, whatever the provider's does
7.6.2 | Nobody is signed in without pressing | accounts/enter opening_the_page_uses_nothing_up
8.1.1 | Who may what is written down | access every_row_is_asked_and_has_an_expectation
8.1.2 | Which part of a thing is written down | access the_page_of_access_allows_none_of_the_nevers
8.2.1 | Only who can, may | access only_who_may
8.2.2 | Only whose it is | foundations/second_wall without_the_first_wall_no_page_of_another_opens
8.2.3 | Only the parts that are theirs | proofs/two_worlds nobody_else_can_tell
8.3.1 | The server decides | architecture a_view_without_a_rule_stops_the_start
8.4.1 | One hub never sees another's | foundations/config two_hubs_may_not_share_an_address
9.1.1 | What a cookie carries is signed | accounts/sessions a_cookie_signed_by_somebody_else_means_nothing
9.1.2 | By one way of signing | accounts/sessions a_cookie_signed_by_somebody_else_means_nothing
9.1.3 | With a key of ours | foundations/config a_bad_setting_of_the_process_is_refused_in_one_sentence
9.2.1 | For so long and no longer | accounts/sessions no_sign_in_lasts_longer_than_its_whole_limit
9.2.2 | For what it is | accounts/sessions a_cookie_of_one_door_means_nothing_at_another
9.2.3 | At the door it is for | access a_cookie_of_one_door_means_nothing_at_another
10.1.1 | Tokens of a provider stay on the server | why: nothing of the provider's is kept after the sign-in
10.1.2 | An answer belongs to this browser's question | accounts/signed_on another_browser_is_not_signed_in_by_it
10.2.1 | The code is bound to who asked | accounts/signed_on it_leaves_with_a_challenge_and_for_the_one_address
10.2.2 | One provider is not taken for another | why: one provider a hub, named in its file
10.5.1 | Its word is not played again | accounts/signed_on what_came_back_works_once
10.5.2 | Somebody is known by the subject | accounts/signed_on the_address_alone_signs_nobody_in
10.5.3 | The provider is the one that was named | accounts/signed_on what_the_provider_did_not_say_so_is_not_believed
10.5.4 | Its word is meant for us | accounts/signed_on what_the_provider_did_not_say_so_is_not_believed
11.1.1 | How keys live is written down | foundations/rotate every_key_is_wrapped_by_the_new_one
11.1.2 | Which keys there are is written down | foundations/crypto the_key_store_is_not_in_the_database
11.2.1 | Known libraries seal | why: cryptography's AES-GCM, pwdlib's Argon2; nothing of ours
11.2.2 | Keys and ways can be changed | foundations/crypto what_an_earlier_version_sealed_is_still_read_and_is_not_taken_for_what_this_one_seals
11.2.3 | At least 128 bits | foundations/crypto every_changed_byte_is_noticed
11.3.1 | No weak mode | foundations/crypto every_changed_byte_is_noticed
11.3.2 | AES-256-GCM | proofs/seals no_value_opens_in_anothers_place
11.3.3 | What was changed does not open | foundations/crypto every_changed_byte_is_noticed
11.4.1 | Known hashes | foundations/audit a_chain_rebuilt_without_the_key_is_found
11.4.2 | Passwords by Argon2id | accounts/sign_in neither_password_nor_authenticator_lies_open
11.4.3 | Long enough not to meet | foundations/crypto one_text_has_another_hash_for_another_purpose
11.4.4 | No key comes from a password | why: keys are drawn, not derived from what somebody knows
11.5.1 | What must not be guessed has 128 bits | accounts/ways_in words_and_digits_are_one_number_and_equally_hard_to_guess
11.6.1 | Known ways of signing by key | accounts/sign_in_passkey what_is_not_right_is_refused
12.1.1 | New TLS only | why: the proxy's; `deploy` prints its example
12.1.2 | Good ciphers only | why: the proxy's
12.1.3 | Certificates of clients are checked | why: none are used
12.2.1 | TLS from every browser | foundations/config production_refuses_doors_without_https
12.2.2 | A certificate that everybody knows | why: the operator's
12.3.1 | TLS to the gateways and the database | notify/smtp a_mail_arrives_whole_over_tls
12.3.2 | The other side shows who it is | notify/smtp a_relay_that_cannot_show_who_it_is_hears_no_address
12.3.3 | TLS between our own parts | why: web and worker meet in the database alone
12.3.4 | With certificates we trust | notify/smtp a_relay_that_cannot_show_who_it_is_hears_no_address
13.1.1 | Whom it talks to is written down | foundations/config a_bad_gateway_is_refused_in_one_sentence
13.2.1 | Each part signs in to the other | foundations/machine the_login_role_may_nothing_special
13.2.2 | With no more than it needs | foundations/postgresql the_login_role_cannot
13.2.3 | By no password that everybody knows | foundations/config a_bad_setting_of_the_process_is_refused_in_one_sentence
13.2.4 | Only to named places | foundations/config a_bad_gateway_is_refused_in_one_sentence
13.2.5 | The server asks nobody else | why: no page fetches an address
13.3.1 | Keys lie apart from the data | foundations/config production_refuses_a_key_store_beside_the_database
13.3.2 | Who needs none has none | foundations/backup no_word_and_no_key_stands_in_the_file
13.4.1 | No history of the code is served | foundations/web an_unknown_page_is_a_plain_not_found_page
13.4.2 | No debug mode | foundations/web a_fault_puts_nobodys_name_in_the_log
13.4.3 | No list of files | foundations/web an_unknown_page_is_a_plain_not_found_page
13.4.4 | No TRACE | access every_row_is_asked_and_has_an_expectation
13.4.5 | Nothing of the inside is shown | foundations/ready a_process_that_lives_says_so_at_every_host_name
14.1.1 | What is sensitive says so in its column | proofs/canaries every_sealed_column_has_a_canary
14.1.2 | What that means is written down | admin/timetable every_line_stands_there
14.2.1 | Nothing sensitive in an address | pages nothing_outside_a_familys_page_tells_what_it_is
14.2.2 | Nothing sensitive in a cache | foundations/crypto an_opened_key_is_let_go_of_after_a_minute_although_nobody_asks_for_it
14.2.3 | Nothing goes to trackers | foundations/web every_door_sends_the_guarding_headers
14.2.4 | What is written down is done | proofs/canaries no_canary_is_found_anywhere
14.3.1 | Left, the browser holds nothing | proofs/leaving nothing_is_left
14.3.2 | Nothing is kept by a cache | foundations/web every_door_sends_the_guarding_headers
14.3.3 | Nothing is in the browser's stores | proofs/leaving no_word_that_was_typed_is_in_the_profile
15.1.1 | When a library is renewed is written down | why: the README says how; nobody has promised days yet
15.1.2 | Which libraries there are is written down | why: uv.lock, with a hash for each
15.1.3 | What is slow is written down | accounts/enter_refused another_writer_gets_through_while_the_slow_check_runs
15.2.1 | No library is out of date | why: held against a dated list of advisories by hand
15.2.2 | What is slow holds up nobody | accounts/enter_refused another_writer_gets_through_while_the_slow_check_runs
15.2.3 | Nothing of the demonstration is in production | demonstration/only_here no_other_application_has_its_pages
15.3.1 | A page has what it shows and no more | foundations/crypto a_core_read_yields_a_sealed_value
15.3.2 | No redirect of another's is followed | why: the gateways' clients only; a receipt is read, not followed
15.3.3 | A form sets only its fields | proofs/odd_bodies a_file_under_the_name_of_a_field_is_not_what_was_typed
15.3.4 | Whose address it is | foundations/web an_address_is_believed_only_from_so_many_proxies_as_are_ours
15.3.5 | A value is of its kind | proofs/odd_bodies nothing_odd_is_answered_with_a_fault
15.3.6 | No script takes in strange objects | pages no_family_page_needs_script
15.3.7 | A field sent twice is read once | proofs/odd_bodies nothing_odd_is_answered_with_a_fault
16.1.1 | What is logged is written down | foundations/logs what_is_not_on_the_list_is_dropped
16.2.1 | Who, what, where, when | foundations/audit numbers_run_without_a_gap
16.2.2 | By one clock, in UTC | architecture the_only_clock_is_the_hubs
16.2.3 | Nowhere else | foundations/logs another_librarys_message_is_not_kept
16.2.4 | In one shape | foundations/logs ids_and_numbers_are_kept
16.2.5 | No words, no names | proofs/canaries no_canary_is_found_anywhere
16.3.1 | Every signing in is on the record | accounts/sign_in a_refusal_is_on_the_record
16.3.2 | Every refusal, too | accounts/sign_in a_refusal_of_who_has_no_role_any_more_is_on_the_record
16.3.3 | And what guards | accounts/enter_refused each_refusal_takes_one_slow_check_and_one_line_of_audit
16.3.4 | And every fault, by its kind | foundations/logs a_fault_leaves_its_kind_and_place_and_no_words
16.4.1 | Nothing typed forges a line | foundations/logs what_is_not_on_the_list_is_dropped
16.4.2 | Nobody changes a line | foundations/audit the_database_refuses_to_change_an_event
16.4.3 | How far it came is kept elsewhere | foundations/audit a_cut_tail_is_found_by_what_is_noted_beside_the_keys
16.5.1 | A fault says nothing of the inside | foundations/web a_fault_puts_nobodys_name_in_the_log
16.5.2 | Without its database it still helps | accounts/leave leaving_works_while_the_database_is_away
16.5.3 | A fault is never a false "saved" | foundations/web a_fault_of_the_database_is_never_a_false_saved
"""

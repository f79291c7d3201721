"""The ledger's lines: each requirement of OWASP ASVS 5.0, levels 1 and 2, that applies here, in words of our own.

`number | what it asks | what shows it`. What shows it is a test, as its folder, file and name without "test_"; or,
after "why:", the written reason why none does. A further file holds the second half.
"""

BEFORE_SESSIONS = """
1.1.1 | Input is decoded once, before it is checked | returns/odd_answers odd_words_are_kept_and_shown
1.1.2 | Text is escaped last, where it is written out | architecture no_template_calls_a_text_safe
1.2.1 | What is written into a page is escaped for its place | architecture no_template_calls_a_text_safe
1.2.2 | Addresses are built, never pasted together | foundations/web no_redirect_of_the_routers_own_names_a_door_as_the_code_does
1.2.3 | No script is built from what somebody typed | architecture no_page_works_by_script_in_its_text
1.2.4 | Values reach the database as parameters | proofs/odd_bodies nothing_odd_is_answered_with_a_fault
1.2.5 | No command of the system is built from input | why: no page starts a program with what somebody typed; the list's process is started with an id
1.2.9 | What is typed is no regular expression | why: no pattern is built from input; ours are constants
1.3.1 | No HTML from people | architecture no_template_calls_a_text_safe
1.3.2 | Nothing typed is run as code | pages no_family_page_needs_script
1.3.3 | What is too long or of another kind is refused | returns/odd_answers ten_megabytes_are_refused
1.3.5 | No markup language from people | architecture no_template_calls_a_text_safe
1.3.6 | No address that somebody types is fetched | why: the only addresses we call are settings
1.3.7 | Templates are files of ours | architecture a_view_renders_a_template_of_its_own_room
1.3.10 | Nothing typed is a format string | proofs/odd_bodies nothing_odd_is_answered_with_a_fault
1.3.11 | A mail's head takes nothing that was typed | notify/smtp its_head_tells_nothing
1.4.1 | Memory is safe | why: Python; the libraries in C are the lock file's
1.4.2 | Numbers out of range are refused | proofs/odd_bodies nothing_odd_is_answered_with_a_fault
1.4.3 | What is opened is closed | foundations/one_commit an_error_undoes_the_statement_the_session_and_the_line
1.5.2 | Only plain forms and checked JSON are read | contact/incoming what_is_no_text_is_refused
2.1.1 | What a field takes is written down | why: each form's validators are its rule, read in one file a room
2.1.2 | What belongs together is written down | why: stated in each verb's docstring
2.1.3 | Limits are written down | why: product.md, and the constants beside the verbs
2.2.1 | Input is held against what is expected | returns/odd_answers an_unknown_choice_is_no_answer
2.2.2 | It is checked at the server | pages no_family_page_needs_script
2.2.3 | What belongs together is checked together | contact/texts an_id_that_is_none_is_not_found
2.3.1 | Steps come in their order | accounts/step_up nothing_was_done_before
2.3.2 | Limits hold | accounts/ways_in five_wrong_pins_end_it
2.3.3 | All of an act, or none | foundations/audit an_act_and_its_line_are_one_commit
2.3.4 | Of two who press at once one has it | episodes/at_once of_two_who_press_take_one_takes_the_list_and_the_other_sees_it_taken
2.4.1 | Whoever tries many is slowed down | accounts/enter_refused one_client_that_tries_many_ways_in_is_slowed_down
3.2.1 | Nothing is shown as another kind of thing | foundations/web every_door_sends_the_guarding_headers
3.2.2 | Text is written as text | architecture no_template_calls_a_text_safe
3.3.1 | Cookies go by TLS only | foundations/config production_refuses_doors_without_https
3.3.2 | Cookies stay at our site | foundations/web the_cookie_is_neutral_gone_with_the_browser_and_read_by_no_script
3.3.3 | Cookies carry the host's prefix | why: a cookie's name shows on a phone and must be neutral; it has no domain, so it is its host's alone
3.3.4 | No script reads the session | foundations/web the_cookie_is_neutral_gone_with_the_browser_and_read_by_no_script
3.4.1 | TLS is demanded for two years, for all below | foundations/web every_door_sends_the_guarding_headers
3.4.2 | No other site may read our answers | foundations/web every_door_sends_the_guarding_headers
3.4.3 | A policy says what a page may load | foundations/web the_policy_lets_through_the_one_style_that_stands_in_the_page_and_no_other
3.4.4 | Browsers do not guess kinds | foundations/web every_door_sends_the_guarding_headers
3.4.5 | No referrer leaves | foundations/web every_door_sends_the_guarding_headers
3.4.6 | No page stands in a frame | foundations/web every_door_sends_the_guarding_headers
3.5.1 | A form of another site is refused | foundations/web a_form_from_another_site_is_refused
3.5.2 | Without its token a form is refused | foundations/web a_form_without_its_token_is_refused
3.5.3 | A GET changes nothing | foundations/web a_get_leaves_nothing_written
3.5.4 | Each door has a host of its own | foundations/web the_staffs_door_is_not_the_young_peoples
3.7.1 | Nothing but what browsers keep up | pages no_family_page_needs_script
3.7.2 | It leads elsewhere only to the exit | accounts/leave the_exit_is_allowed_by_the_policy_of_every_page
4.1.1 | Each answer says its kind and letters | pages a_page_holds_what_all_must
4.1.2 | Only pages for people lead on to TLS | why: the proxy's; production refuses doors without https
4.1.3 | Who asks is believed from our proxies only | foundations/web an_address_is_believed_only_from_so_many_proxies_as_are_ours
4.2.1 | Where a request ends is clear | why: granian and the proxy; the body is read whole before anybody is looked up
5.1.1 | Which files are taken is written down | episodes/upload what_is_no_list_is_refused_in_one_clear_sentence
5.2.1 | A file that is too large is refused unread | episodes/upload fifty_megabytes_are_refused_before_they_are_read
5.2.2 | A file is what its kind says | episodes/upload of_a_file_that_is_no_list_nothing_is_kept
5.3.1 | No file that came in is run or served | episodes/upload a_large_list_lies_on_no_disk_before_it_is_sealed
5.3.2 | No path is built from a name that came in | proofs/odd_bodies a_file_under_the_name_of_a_field_is_not_what_was_typed
5.4.1 | A file that leaves has a name of ours | voices/copy_pdf sam_gets_a_pdf_with_a_neutral_name
5.4.2 | Its name tells nothing | voices/copy_pdf sam_gets_a_pdf_with_a_neutral_name
5.4.3 | Files that came in are scanned | why: only lists of text are taken, read once and never handed out
6.1.1 | How guessing is slowed down is written down | accounts/sign_in whoever_guesses_is_slowed_down_and_never_locked_out
6.1.2 | Words that no password may hold | accounts/welcome a_password_that_is_easy_to_guess_is_not_taken
6.1.3 | Every way of signing in is written down | why: product.md, A way in; the page of access lists every open view
6.2.1 | A password is long | accounts/sign_in a_short_password_is_not_taken
6.2.2 | It can be changed | accounts/change_password sam_changes_it_and_only_the_new_one_works
6.2.3 | Changing it takes the one before | accounts/change_password whoever_finds_it_open_does_not_change_it
6.2.4 | Not one of the common ones | accounts/welcome a_password_that_is_easy_to_guess_is_not_taken
6.2.5 | No rule says which letters | accounts/welcome a_password_of_some_words_is_taken
6.2.6 | It is not seen while typed | accounts/sign_in password_managers_are_told_which_field_is_which
6.2.7 | Pasting and password managers work | accounts/sign_in nothing_forbids_pasting
6.2.8 | It is taken as it was typed | accounts/welcome from_then_on_lee_signs_in_with_it
6.2.9 | It may be long | accounts/welcome a_password_of_some_words_is_taken
6.2.10 | It does not run out | why: nothing ends a password but its owner or a recovery
6.2.11 | Our own words are none | accounts/welcome a_password_that_is_easy_to_guess_is_not_taken
6.2.12 | Not one that was in a leak | why: held against a list of common ones only; the large lists are asked for over the network
6.3.1 | Guessing is slowed down | accounts/sign_in whoever_guesses_is_slowed_down_and_never_locked_out
6.3.2 | There is no account that everybody knows | demonstration/only_here any_other_start_refuses_its_hub
6.3.3 | Two factors, always | accounts/sign_in whatever_was_wrong_the_answer_is_the_same
6.3.4 | No other way leads in | access only_who_may
6.4.1 | What begins an account works once, for days | accounts/welcome it_works_once
6.4.2 | No secret question, no birthday | accounts/ways_in the_pin_has_six_digits
6.4.3 | A lost password takes two people | accounts/recover one_asks_another_approves_and_an_invitation_opens_it
6.4.4 | A lost factor takes the same | accounts/recover how_they_made_sure_is_asked_for
6.5.1 | A code works once | accounts/sign_in a_code_works_once
6.5.2 | What opens a door is kept as a hash | accounts/ways_in none_of_the_secrets_is_kept
6.5.3 | Secrets come from the system's dice | why: `secrets` and SystemRandom outside tests; a seed is taken by create_app alone
6.5.4 | A PIN has six digits, beside words | accounts/ways_in the_pin_has_six_digits
6.5.5 | A code lasts half a minute | accounts/sign_in a_phones_clock_may_be_half_a_minute_wrong
6.6.2 | What is handed over is this sign-in's | accounts/step_up the_proof_is_of_this_sign_in_alone
6.6.3 | Guessing a code ends the sign-in | accounts/step_up the_fifth_wrong_code_ends_the_sign_in
6.8.1 | A council's account is known by provider and subject | accounts/signed_on an_account_that_nobody_joined_opens_nothing_and_makes_nobody
6.8.2 | Its word is signed | accounts/signed_on what_the_provider_did_not_say_so_is_not_believed
6.8.4 | How strong it was is asked | accounts/signed_on whoever_it_let_through_unasked_does_not_come_in
"""

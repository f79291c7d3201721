"""People, links with an end, allocations, ways in and sign-in: who stands at which door, and until when."""

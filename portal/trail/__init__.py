"""A voice and its way: what somebody said, who read it, what came back, and whether that reached them."""

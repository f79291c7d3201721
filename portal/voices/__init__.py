"""Reading and answering: what a voice said, for staff; what came back, for whoever spoke; the front pages."""

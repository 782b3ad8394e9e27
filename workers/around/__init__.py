"""Life around the course: who helps, what is arranged, what somebody is good at. Never points."""

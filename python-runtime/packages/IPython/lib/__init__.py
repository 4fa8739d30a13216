"""What is shown by more than its data: players, frames, links, source text."""

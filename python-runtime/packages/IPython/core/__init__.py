"""What is shown, and what shows it."""

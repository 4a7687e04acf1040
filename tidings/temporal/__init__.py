"""What of the library speaks to Temporal; nothing else in it imports temporalio."""

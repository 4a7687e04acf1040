"""The part of the library that speaks to Temporal. Only this package imports temporalio."""

"""The fields of a notification: what each may hold. A resend corrects the same ones."""

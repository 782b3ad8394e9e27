"""From an award to a paid and finished training: invoices, payments, what comes back."""

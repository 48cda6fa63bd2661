"""Notices in the service, mails in the outbox, and the audit log."""

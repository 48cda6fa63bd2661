"""Pictures and files of deeds: checked, kept, described, shown."""

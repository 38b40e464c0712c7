"""Released packages that no one here wrote, migrated, and their own suites before and after."""

"""Released packages that no one here wrote, migrated, with their own suites before and after."""

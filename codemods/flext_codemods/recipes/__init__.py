"""One recipe a file; being here is all that it takes."""

"""Azure: documents, segments and leases in blob storage, secrets in Key Vault, and the identity for both."""

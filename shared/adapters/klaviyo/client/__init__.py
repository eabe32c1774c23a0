"""HTTP to Klaviyo: requests and answers, the key they carry, their pace, and when they are tried again."""

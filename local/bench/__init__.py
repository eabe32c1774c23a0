"""The benchmark: the product beside a bare loop, beside Klaviyo's own client, and under Klaviyo's limits."""

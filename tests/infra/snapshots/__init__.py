"""What Azure would get: each combination of parameters of docs/deploy.md, evaluated by the compiler of Bicep."""

"""The version of the interface, by semantic versioning; see docs/api.md for what changed."""

API_VERSION = "1.3.0"
PREFIX = "/v1"

"""The version of the interface, by semantic versioning; see docs/api.md for what changed."""

API_VERSION = "1.4.0"
PREFIX = "/v1"

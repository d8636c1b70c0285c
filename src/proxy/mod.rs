//! Floor 5: the recording reverse proxy.

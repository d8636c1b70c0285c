//! Floor 3: wires: sockets, TLS, connecting to an upstream.

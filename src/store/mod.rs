//! Floor 3: recordings on paper: the line format, the appending writer, the streaming reader.

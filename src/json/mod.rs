//! Floor 0: a JSON parser that keeps spans, number lexemes, key order and duplicate keys; tolerant where the user needs the reason.

//! Floor 3: curl texts and HAR files, both ways.

//! DataFusion sessions, as-of resolution, the served cube, provenance.

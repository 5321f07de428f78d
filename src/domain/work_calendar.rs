//! Working days and hours of the city's offices.

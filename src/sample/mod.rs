//! Synthetic feeds in the feeds' own formats, deterministic by seed, anchored on published figures.

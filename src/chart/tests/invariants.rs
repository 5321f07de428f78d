//! What must hold for every chart.

//! Everything that happens in time: deliveries, connection upkeep, preflight, describes.

"""What every page shares: the viewer, access declarations, errors, headers, assets, health."""

"""What things cost: dated prices with a source, in USD, for closed lists of meters and units."""

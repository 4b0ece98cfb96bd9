"""Parts that several pages share: cards, bars, tiles, ranking, reports. Each gives model objects; none draws."""

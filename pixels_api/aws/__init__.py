"""The REST tier behind AWS gateways: their events and the answers they take."""

"""Views that several features share: question cards, run panels, progress markers.

Components stand between the features and the core, and have no routes.
"""

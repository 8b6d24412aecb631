"""Texts of reports and summaries in Finnish, Swedish and English."""

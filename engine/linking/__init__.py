"""Links to other datasets: decisions, their facts and sets, and who is who inside the graph."""

# Money of themes in base R, no packages: first from the command line's CSV, then from a SPARQL endpoint.
#
#   Rscript money.R                                    asks the store beside it through the command teemagraafi
#   Rscript money.R http://127.0.0.1:8000/sparql       asks an endpoint (teemagraafi serve) as well
#
# TEEMAGRAAFI names another command ("python graph.py"), TEEMAGRAAFI_STORE another store.

command <- strsplit(Sys.getenv("TEEMAGRAAFI", "teemagraafi"), " ")[[1]]

# The answer of a stored query as a data frame; parameters as "name=value".
stored <- function(name, ...) {
  parameters <- unlist(lapply(c(...), function(p) c("-p", shQuote(p))))
  lines <- system2(command[1], c(command[-1], "query", name, parameters, "--format", "csv"), stdout = TRUE, stderr = FALSE)
  if (!is.null(attr(lines, "status"))) stop("query ", name, " failed")
  read.csv(text = enc2utf8(lines), encoding = "UTF-8", check.names = FALSE, na.strings = "")
}

# The answer of a SPARQL query from an endpoint.
sparql <- function(endpoint, query) {
  address <- paste0(endpoint, "?query=", URLencode(query, reserved = TRUE))
  read.csv(url(address, headers = c(Accept = "text/csv"), encoding = "UTF-8"), check.names = FALSE, na.strings = "")
}

money <- stored("money-by-theme")
money$used <- round(100 * money$committed / money$framework, 1)
print(money[order(-money$framework), c("themeLabel", "framework", "committed", "paid", "used")], row.names = FALSE)
cat("frameworks in all:", format(sum(money$framework, na.rm = TRUE), big.mark = " ", scientific = FALSE), "euros\n")

endpoint <- commandArgs(trailingOnly = TRUE)
if (length(endpoint) == 1) {
  themes <- sparql(endpoint, "PREFIX tg: <https://w3id.org/teemagraafi/def#> SELECT (COUNT(*) AS ?themes) WHERE { ?t a tg:Theme }")
  cat("themes at the endpoint:", themes$themes, "\n")
}

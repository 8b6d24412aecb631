-- isql 1111 dba PASSWORD load.sql, with this folder in DirsAllowed of virtuoso.ini.
-- Ask the current view with default-graph-uri={{ view }}
ld_dir('{{ folder }}', '*.nq.gz', '{{ view }}');
rdf_loader_run();
checkpoint;
select ll_file, ll_error from DB.DBA.LOAD_LIST where ll_error is not null;

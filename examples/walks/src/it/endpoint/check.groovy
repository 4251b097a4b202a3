// What is for tests is not in what is deployed.
String production = new File(basedir, 'target/production.classpath').text
assert production.contains('featurestore-core')
['featurestore-testkit', 'duckdb', 'junit', 'assertj'].each {
    assert !production.contains(it) : "$it is on the production class path"
}
assert new File(basedir, 'target/surefire-reports').list().any { it.endsWith('.xml') } : 'no test ran'

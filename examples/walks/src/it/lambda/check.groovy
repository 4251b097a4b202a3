// What is for tests is not in what is deployed.
String production = new File(basedir, 'target/production.classpath').text
assert production.contains('featurestore-core')
['featurestore-testkit', 'duckdb', 'junit', 'assertj'].each {
    assert !production.contains(it) : "$it is on the production class path"
}
assert new File(basedir, 'target/surefire-reports').list().any { it.endsWith('.xml') } : 'no test ran'

// docs/dependencies.md says what a function that only writes weighs
double megabytes = production.split(File.pathSeparator).sum { new File(it).length() } / 1e6
String page = new File(root, 'docs/dependencies.md').getText('UTF-8')
double said = (page =~ /\*\*(\d+\.\d+) MB\*\*/)[0][1] as double
assert Math.abs(megabytes - said) < 0.3 : "the class path has $megabytes MB, docs/dependencies.md says $said"

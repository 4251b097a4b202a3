// What each project of a user has to fulfil: what is for tests is not in what is deployed, and its own tests ran.
// Gives the jars of the class path that is deployed.
List<File> jars = new File(basedir, 'target/production.classpath').text.trim().split(File.pathSeparator).collect { new File(it) }
List<String> names = jars*.name
assert names.any { it.startsWith('featurestore-core-') }
['featurestore-testkit', 'duckdb', 'junit', 'assertj'].each { test ->
    assert !names.any { it.contains(test) } : "$test is on the production class path"
}
assert new File(basedir, 'target/surefire-reports').list().any { it.endsWith('.xml') } : 'no test ran'
jars

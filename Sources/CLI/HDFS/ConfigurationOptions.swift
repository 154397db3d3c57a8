import ArgumentParser
import Foundation
import HoneyHDFSService
import Logging

/// The options of all daemons.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read this file, or core-site.xml and hdfs-site.xml of this directory; $HADOOP_CONF_DIR otherwise.",
            valueName: "file|dir"))
    var config: [String] = []

    @Option(
        name: .customShort("D"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Set a setting of Hadoop's; may be repeated.", valueName: "name=value"))
    var settings: [String] = []

    @Flag(help: "Log more.")
    var debug = false

    func configuration() throws -> HadoopConfiguration {
        var paths = config
        if paths.isEmpty, let path = ProcessInfo.processInfo.environment["HADOOP_CONF_DIR"], !path.isEmpty {
            paths = [path]
        }
        return try HadoopConfiguration(paths: paths, settings: settings)
    }

    func log(_ name: String) -> Logger { .daemon(name, level: debug ? .debug : .info) }
}

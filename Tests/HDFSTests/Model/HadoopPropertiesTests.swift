import HoneyCore
import HoneyWorld
import Testing

@testable import HoneyHDFS

struct HadoopPropertiesTests {
    @Test(arguments: [
        ("0", 0), ("4096", 4096), ("64k", 64 << 10), (" 100m ", 100 << 20), ("1G", 1 << 30), ("2t", 2 << 40),
        ("3P", 3 << 50), ("1e", 1 << 60),
    ]) func sizesMayHaveUnits(text: String, bytes: Int) throws {
        var value = -1
        try HadoopProperties(["size": text]).read("size", bytes: &value)
        #expect(value == bytes)
    }

    @Test(arguments: ["", "m", "-1", "1.5g", "10mb", "8e", "16384p", "9223372036854775808"])
    func whatIsNoSizeIsRefused(text: String) {
        var value = 0
        #expect {
            try HadoopProperties(["size": text]).read("size", bytes: &value)
        } throws: { error in
            (error as? HoneyError)?.message == "setting must be a number of bytes: size = \(text)"
        }
    }

    @Test func endlessTimesCanBeAdded() throws {
        let settings = try DataNodeConfiguration(properties: [
            "dfs.client.socket-timeout": "9223372036854", "dfs.blockreport.intervalMsec": "100000d",
            "dfs.datanode.balance.bandwidthPerSec": "10m", "dfs.datanode.data.dir.perm": "750",
            "dfs.block.local-path-access.user": "ann, bob",
        ])
        #expect(settings.socketTimeout == settings.reportInterval)
        #expect(!settings.socketTimeout.multipliedReportingOverflow(by: 20).overflow)
        #expect(settings.balancerBandwidth == 10 << 20 && settings.directoryPermissions == 0o750)
        #expect(settings.localReaders == ["ann", "bob"])
    }

    @Test(arguments: ["8", "1000", "-1", "rwx"]) func whatIsNoModeIsRefused(text: String) {
        #expect(throws: HoneyError.self) {
            _ = try DataNodeConfiguration(properties: ["dfs.datanode.data.dir.perm": text])
        }
    }
}

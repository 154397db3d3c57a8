import HoneyHDFSMessages
import HoneyWorld
import Testing

@testable import HoneyHDFS

private func check(_ cluster: BlockCluster, _ files: [CheckedFile], _ names: Set<String>) -> String {
    var check = FileSystemCheck(
        of: "/", cluster.manager, options: .init(names: names), user: "ann", host: "127.0.0.1",
        date: "Thu Jan 01 00:00:00 UTC 1970", at: cluster.now)
    check.take(.directory(path: "/"))
    for file in files { check.take(.file(file)) }
    return check.finish(at: cluster.now)
}

@Test func aWholeFileSystemIsHealthy() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let block = try cluster.write(size: 300)
    let file = CheckedFile(path: "/t", replication: 3, blocks: [block], isOpen: false)
    let text = check(cluster, [file], ["files", "blocks", "locations"])
    let lines = text.split(separator: "\n").map(String.init)
    #expect(
        lines.first == "FSCK started by ann (auth:SIMPLE) from /127.0.0.1 for path / at Thu Jan 01 00:00:00 UTC 1970")
    #expect(lines.contains("/ <dir>") && lines.contains("/t 300 bytes, replicated: replication=3, 1 block(s):  OK"))
    #expect(
        lines.contains { $0.hasPrefix("0. BP-1:blk_1073741824_1001 len=300 Live_repl=3  [DatanodeInfoWithStorage[") })
    for line in [
        "Status: HEALTHY", " Number of data-nodes:\t3", " Total size:\t300 B", " Total files:\t1",
        " Total blocks (validated):\t1 (avg. block size 300 B)", " Minimally replicated blocks:\t1 (100.0 %)",
        " Under-replicated blocks:\t0 (0.0 %)", " Mis-replicated blocks:\t\t0 (0.0 %)",
        " Default replication factor:\t3",
        " Average block replication:\t3.0", " Missing replicas:\t\t0 (0.0 %)",
    ] {
        #expect(lines.contains(line), "\(line)")
    }
    #expect(text.hasSuffix("\n\n\nThe filesystem under path '/' is HEALTHY"))
}

@Test func lostAndLackingBlocksAreTold() throws {
    let cluster = try BlockCluster(["a", "b", "c"])
    let lacking = try cluster.write(size: 10, replication: 2)
    cluster.manager.setReplication(lacking, to: 5)
    let lost = try cluster.write(size: 20, replication: 1, file: 9)
    cluster.owner.paths[9] = "/lost"
    let holder = try #require(cluster.holders(lost).first)
    cluster.manager.markCorrupt(lost.block, node: holder.id, storage: holder.storage, reason: "checksum")
    let files = [
        CheckedFile(path: "/lacking", replication: 5, blocks: [lacking], isOpen: false),
        CheckedFile(path: "/lost", replication: 1, blocks: [lost], isOpen: false),
        CheckedFile(path: "/open", replication: 3, blocks: [], isOpen: true),
    ]
    let text = check(cluster, files, [])
    #expect(
        text.contains(
            "/lacking:  Under replicated BP-1:blk_1073741824_1001. Target Replicas is 5 but found 2 live replica(s), "
                + "0 decommissioned replica(s), 0 decommissioning replica(s)."))
    #expect(text.contains("/lost: CORRUPT blockpool BP-1 block blk_1073741825"))
    #expect(text.contains("\n  CORRUPT FILES:\t1\n  MISSING BLOCKS:\t1\n  MISSING SIZE:\t\t20 B\n"))
    #expect(text.contains(" (Files currently being written: 1)"))
    #expect(text.hasSuffix("The filesystem under path '/' is CORRUPT"))
}

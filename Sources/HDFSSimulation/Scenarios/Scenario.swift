// HDFSSimulation runs a whole file system (NameNode, DataNodes, clients: the real machines) in a simulated world, lets everything go wrong that a
// scenario says, and checks all the time that nothing acknowledged is lost and nothing is made up.
//
// In goes a `Scenario`, from a text or made by a seed (`Scenarios/`); out comes a `Verdict` (`Running/`). `Model/` is what the name space and
// its files must be, `Clients/` those who use it. Nothing here knows sockets, files of this machine or the time.

/// A cluster, what its clients do, and what goes wrong; text that can be read and run again.
///
/// A line is a keyword with its arguments; `#` begins a remark. Times are seconds of the world's clock.
///
///     seed 17                                        what is left open is decided by it
///     messages bytes                                 through the wires' codecs, or `typed`: as they are
///     namenode disks=2 checkpoint=100 secondary=20   images are written after so many transactions, by it and by a secondary one; `standby=1`: two NameNodes
///     datanodes 3 disks=1 replication=3
///     clients 2 operations=40 pace=0.5               those who make names; seconds between what each does
///     writers 2 operations=40 pace=0.5 block=16384 packet=2048    those who write and read files
///     network latency=0.2 jitter=0.1 loss=0 cut=0    milliseconds; messages lost and connections cut of a thousand
///     at 12.5 kill namenode for 3                    a fault (see `Fault`), and when it is mended
package struct Scenario: Hashable, Sendable {
    package var seed: UInt64 = 1
    package var sendsBytes = false
    package var nameDisks = 1
    package var checkpointTransactions = 1000
    /// A secondary NameNode makes a checkpoint after so many transactions; there is none when 0.
    package var secondaryTransactions = 0
    /// There is a second NameNode, which reads the log from a directory that both share.
    package var hasStandby = false
    package var dataNodes = 0
    package var dataDisks = 1
    package var replication = 1
    package var clients = 1
    /// How many things each client does.
    package var operations = 30
    package var paceMilliseconds = 500
    /// Clients that write and read files.
    package var writers = 0
    package var writerOperations = 30
    package var writerPaceMilliseconds = 500
    package var blockBytes = 16 << 10
    package var packetBytes = 2048
    package var network = NetworkCare()
    package var faults: [TimedFault] = []

    /// The usual state of the network.
    package struct NetworkCare: Hashable, Sendable {
        package var latencyMicroseconds = 200
        package var jitterMicroseconds = 100
        package var lossThousandths = 0
        package var cutThousandths = 0
    }

    package init() {}

    /// Whether DataNodes may lose what they have written.
    var mayLoseReplicas: Bool {
        faults.contains { timed in
            switch timed.fault {
            case .power(let place), .failWrites(let place, _), .failSyncs(let place, _), .failReads(let place, _),
                .fill(let place, _), .lose(let place), .rot(let place):
                place.hasPrefix("datanode")
            default: false
            }
        }
    }
}

/// A fault with its time.
package struct TimedFault: Hashable, Sendable {
    package var atMilliseconds: Int
    package var fault: Fault
    /// After how long it is mended; nil when that is left to the end of the scenario.
    package var forMilliseconds: Int?
}

/// Something that goes wrong, or that an operator does meanwhile. Places are hosts: `namenode`, `namenode2`, `secondary`, `datanode1`, `client1`, `writer1`; disks are `namenode:0`.
package enum Fault: Hashable, Sendable {
    /// `kill HOST`: the process ends at once; mended by starting it again.
    case kill(String)
    /// `power HOST`: the computer goes off; what was not synced may be lost.
    case power(String)
    /// `pause HOST`: the process stops and goes on later.
    case pause(String)
    /// `block FROM TO`: nothing passes this way; `partition A B` both ways.
    case block(String, String)
    case partition(String, String)
    /// `slow FROM TO MILLISECONDS`
    case slow(String, String, Int)
    /// `cut THOUSANDTHS`: so many messages are the last of their connections.
    case cut(Int)
    /// `loss THOUSANDTHS`
    case loss(Int)
    /// `refuse HOST`: connections are turned away.
    case refuse(String)
    /// `clock HOST SECONDS`: the date jumps.
    case clock(String, Int)
    /// `drift HOST MILLIONTHS`
    case drift(String, Int)
    /// `failwrites DISK THOUSANDTHS`, `failsyncs …`, `failreads …`
    case failWrites(String, Int)
    case failSyncs(String, Int)
    case failReads(String, Int)
    /// `fill DISK BYTES`: so much is left.
    case fill(String, Int)
    /// `slowdisk DISK MILLISECONDS`: how long a sync takes.
    case slowDisk(String, Int)
    /// `lose DISK`: nothing works any more; mended by an empty disk in its place.
    case lose(String)
    /// `rot DISK`: some bits of a byte change.
    case rot(String)
    /// `takeover`: the standby NameNode is made the active one, whether the other lives or not.
    case takeOver
    /// `decommission HOST`: a DataNode is to give its blocks to others; mended by taking it back, with new disks where it was done.
    case decommission(String)
    /// `balance`: a balancer moves replicas until they are spread evenly; mended by killing it.
    case balance
}

// Honeyguide is the composition: the only room that knows every other one. In come a home directory and statements as text,
// out come rows. It is the library that the command line, the tests and applications use.

public import HoneyExecution
public import HoneyFiles
public import HoneyPlan
public import HoneyStorage

import HoneyAvro
import HoneyCodecs
import HoneyFunctions
import HoneyORC
import HoneyParquet
import HoneyPipelineEngine
import HoneySQLLanguage

/// Everything an engine can be extended with, as one value; there is no global registry.
public struct Extensions: Sendable {
    public var language: any Language
    public var functions: FunctionCatalog
    public var storage: StorageCatalog
    public var fileSystems: FileSystems
    public var engine: any ExecutionEngine

    public init(
        language: any Language, functions: FunctionCatalog, storage: StorageCatalog, fileSystems: FileSystems,
        engine: any ExecutionEngine
    ) {
        self.language = language
        self.functions = functions
        self.storage = storage
        self.fileSystems = fileSystems
        self.engine = engine
    }

    /// What Honeyguide comes with: HiveQL, Hive's functions and formats, local and in-memory files, pipelines.
    public static func standard(
        fileSystems: FileSystems = FileSystems([LocalFileSystem(), MemoryFileSystem()])
    ) -> Extensions {
        Extensions(
            language: HiveQL(), functions: HiveFunctions.catalog, storage: standardStorage, fileSystems: fileSystems,
            engine: PipelineEngine())
    }

    /// The containers of records and the column formats, with their SerDes.
    private static var standardStorage: StorageCatalog {
        let records = StorageCatalog.standard(codecs: .standard)
        return StorageCatalog(
            formats: records.formats + [ORCFormat(), ParquetFormat(), AvroFormat()],
            serdes: records.serdes + [ORCFormat.serde, ParquetFormat.serde, AvroFormat.serde])
    }

    /// The `STORED AS` names of the storage formats.
    var formatCatalog: FormatCatalog {
        FormatCatalog(
            storage.formats.map { format in
                FormatCatalog.Entry(
                    keyword: format.keyword, inputFormat: format.inputFormats[0],
                    outputFormat: format.outputFormats[0], serde: format.defaultSerDe)
            })
    }
}

using Xunit;

// The tests run one by one, because they count threads and native handles of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

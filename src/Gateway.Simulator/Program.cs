using Gateway.Simulator.CommandLine;

return await SimulatorCommand.RunAsync(args);

"""What numbers of cases prove. The library for it takes seconds to load, and is loaded when something is computed."""
